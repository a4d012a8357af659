// The way to the API: requests of nobody in particular, and of whoever is signed in.
import { ApiError, ConnectionError } from "./errors";
import { accept, exchange, isRefusedByGateway, type Outgoing } from "./http";
import type { SignedInResponse } from "./models";
import { asQuery, jsonBody } from "./requests";
import type { Exchange, Session } from "./session";

export class Channel {
  constructor(
    private readonly url: string,
    private readonly session: Session,
  ) {}

  publicly<T>(path: string, body: object): Promise<T> {
    return post<T>(this.url + path, body);
  }

  get<T>(path: string, query: object, signal?: AbortSignal): Promise<T> {
    return this.read({ method: "GET", url: path + asQuery(query), signal });
  }

  json<T>(method: string, url: string, body: object, signal?: AbortSignal): Promise<T> {
    return this.read({ method, url, ...jsonBody(body), signal });
  }

  async read<T>(outgoing: Outgoing): Promise<T> {
    return readJson<T>(await this.send(outgoing));
  }

  /** Send a signed-in request; once more with a new token if the gateway refused the old one. */
  async send(outgoing: Outgoing): Promise<Response> {
    const used = await this.session.ready();
    let answer = await this.#sendAs(used.access, outgoing);
    if (isRefusedByGateway(answer)) {
      const renewed = await this.session.renew(used);
      answer = await this.#sendAs(renewed.access, outgoing);
    }
    try {
      return await accept(answer);
    } catch (error) {
      if (error instanceof ApiError && error.code === "account_not_found") this.session.end();
      throw error;
    }
  }

  #sendAs(access: string, outgoing: Outgoing): Promise<Response> {
    const headers = { ...outgoing.headers, authorization: `Bearer ${access}` };
    return exchange({ ...outgoing, url: this.url + outgoing.url, headers });
  }
}

/** What exchanges a refresh token for the next ones, for `Session`. */
export function exchangeAt(url: string): Exchange {
  return (refreshToken) =>
    post<SignedInResponse>(`${url}/auth/refresh`, { refresh_token: refreshToken });
}

async function post<T>(url: string, body: object): Promise<T> {
  return readJson<T>(await accept(await exchange({ method: "POST", url, ...jsonBody(body) })));
}

export async function readJson<T>(answer: Response): Promise<T> {
  if (answer.status === 204) return undefined as T;
  try {
    return (await answer.json()) as T;
  } catch {
    // A hotel's network that answers everything with its own page, for one.
    throw new ConnectionError("unreachable");
  }
}
