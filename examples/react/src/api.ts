// The API as this example needs it. Types come from its description (models.ts).
import type {
  FieldError,
  PredictResponse,
  RecommendRequest,
  RecommendResponse,
  SignedInResponse,
  SignInRequest,
  SignUpRequest,
  UploadFormResponse,
} from "./models.js";

export interface Tokens {
  access: string;
  refresh: string;
}

/** The API said no. `code` is stable; it is missing where the gateway in front of it answered. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly code?: string,
    readonly errors: FieldError[] = [],
  ) {
    super(detail);
  }
}

// A request has 6 MB at most, in which a photo grows by a third.
const LARGEST_IN_A_REQUEST_BYTES = 4_000_000;

export class TravelApi {
  #renewing: Promise<Tokens> | null = null;

  /** `keep` is told of every change of the tokens, to store them (null: signed out). */
  constructor(
    private readonly url: string,
    private tokens: Tokens | null = null,
    private readonly keep: (tokens: Tokens | null) => void = () => {},
  ) {}

  signUp(body: SignUpRequest): Promise<void> {
    return this.#signIn("/auth/signup", body);
  }

  signIn(body: SignInRequest): Promise<void> {
    return this.#signIn("/auth/login", body);
  }

  /** Name the landmark in a photo; a large one takes the way over an upload. */
  async predict(photo: Blob): Promise<PredictResponse> {
    if (photo.size <= LARGEST_IN_A_REQUEST_BYTES) {
      const headers = { "content-type": photo.type || "image/jpeg" };
      return (await this.#send("POST", "/predict", photo, headers)) as PredictResponse;
    }
    const body = { upload_key: await this.#upload(photo) };
    return (await this.#sendJson("POST", "/predict", body)) as PredictResponse;
  }

  async recommend(body: RecommendRequest): Promise<RecommendResponse> {
    return (await this.#sendJson("POST", "/recommend", body)) as RecommendResponse;
  }

  async #upload(photo: Blob): Promise<string> {
    const offered = (await this.#send("POST", "/uploads")) as UploadFormResponse;
    const form = new FormData();
    for (const [name, value] of Object.entries(offered.fields)) form.append(name, value);
    if (!("Content-Type" in offered.fields)) form.append("Content-Type", photo.type || "image/jpeg");
    form.append("file", photo);
    const answer = await fetch(offered.url, { method: "POST", body: form });
    if (!answer.ok) throw new ApiError(answer.status, "The photo could not be uploaded.");
    return offered.upload_key;
  }

  async #signIn(path: string, body: object): Promise<void> {
    this.#keep(asTokens(await read(await this.#fetch(path, "POST", JSON.stringify(body), JSON_BODY))));
  }

  #sendJson(method: string, path: string, body: object): Promise<unknown> {
    return this.#send(method, path, JSON.stringify(body), JSON_BODY);
  }

  /** Send a signed-in request; once more with new tokens if the gateway refused the old ones. */
  async #send(method: string, path: string, body?: BodyInit, headers?: HeadersInit) {
    const used = this.tokens;
    let answer = await this.#fetch(path, method, body, headers, used);
    if (used && isRefusedByGateway(answer)) {
      answer = await this.#fetch(path, method, body, headers, await this.#renewed(used));
    }
    return read(answer);
  }

  /** Exchange the tokens once, however many requests have found them spent. */
  #renewed(spent: Tokens): Promise<Tokens> {
    if (this.tokens && this.tokens !== spent) return Promise.resolve(this.tokens);
    this.#renewing ??= this.#renew(spent).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renew(spent: Tokens): Promise<Tokens> {
    const body = JSON.stringify({ refresh_token: spent.refresh });
    const answer = await this.#fetch("/auth/refresh", "POST", body, JSON_BODY);
    if (answer.status === 401) this.#keep(null);
    const tokens = asTokens(await read(answer));
    this.#keep(tokens);
    return tokens;
  }

  #keep(tokens: Tokens | null): void {
    this.tokens = tokens;
    this.keep(tokens);
  }

  #fetch(
    path: string,
    method: string,
    body?: BodyInit,
    headers?: HeadersInit,
    tokens: Tokens | null = null,
  ): Promise<Response> {
    const all = new Headers(headers);
    if (tokens) all.set("authorization", `Bearer ${tokens.access}`);
    return fetch(this.url + path, { method, headers: all, body: body ?? null });
  }
}

const JSON_BODY = { "content-type": "application/json" };

function asTokens(answer: unknown): Tokens {
  const { access_token: access, refresh_token: refresh } = answer as SignedInResponse;
  return { access, refresh };
}

/** Tell an access token that is not good any more from what a function refuses. */
function isRefusedByGateway(answer: Response): boolean {
  const isProblem = answer.headers.get("content-type")?.startsWith("application/problem+json");
  return (answer.status === 401 || answer.status === 403) && !isProblem;
}

async function read(answer: Response): Promise<unknown> {
  const body: any = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  const detail = body.detail ?? body.message ?? answer.statusText;
  throw new ApiError(answer.status, detail, body.code, body.errors);
}
