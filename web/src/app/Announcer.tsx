// One place where screen readers hear what has changed elsewhere on the page.
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";

const AnnounceContext = createContext<(words: string) => void>(() => {});

export function Announcer({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState({ words: "", times: 0 });
  const announce = useCallback(
    (words: string) => setSaid(({ times }) => ({ words, times: times + 1 })),
    [],
  );
  return (
    <AnnounceContext value={announce}>
      {children}
      <div aria-live="polite" className="visually-hidden">
        {/* A new element each time, so that the same words are heard again. */}
        <p key={said.times}>{said.words}</p>
      </div>
    </AnnounceContext>
  );
}

/** Returns what says something to those who do not see the page. */
export function useAnnounce(): (words: string) => void {
  return useContext(AnnounceContext);
}
