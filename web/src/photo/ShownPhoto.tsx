import { useState } from "react";

import { PictureIcon } from "../app/icons";
import type { Photo } from "./desk";

/** The photo itself; what this browser cannot show has a name at least. */
export function ShownPhoto({ photo, busy }: { photo: Photo; busy: boolean }) {
  const [unshown, setUnshown] = useState<string>();
  return (
    <figure className={busy ? "shown busy" : "shown"}>
      {unshown === photo.url ? (
        <div className="unshown">
          <PictureIcon />
          <p>{photo.name}</p>
          <p className="hint">This browser cannot show pictures of this kind.</p>
        </div>
      ) : (
        <img src={photo.url} alt="What you chose" onError={() => setUnshown(photo.url)} />
      )}
    </figure>
  );
}
