// The ways to give a photo: choose, take, drop, paste.
import { type ChangeEvent, useEffect, useState } from "react";

import { CameraIcon, PictureIcon } from "../app/icons";

type OnPhoto = (photo: File) => void;

/** Two real file inputs that look like buttons; the camera's only where there is likely one. */
export function PhotoInputs({ onPhoto, again = false }: { onPhoto: OnPhoto; again?: boolean }) {
  const change = (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.currentTarget;
    const photo = input.files?.[0];
    if (photo) onPhoto(photo);
    // So that the same file may be chosen again.
    input.value = "";
  };
  const look = again ? "button" : "button primary";
  return (
    <div className="row photo-inputs">
      <label className={look}>
        <input type="file" accept="image/*" className="visually-hidden" onChange={change} />
        <PictureIcon />
        {again ? "Choose another photo" : "Choose a photo"}
      </label>
      <label className="button with-camera">
        <input
          type="file"
          accept="image/*"
          capture="environment"
          className="visually-hidden"
          onChange={change}
        />
        <CameraIcon />
        {again ? "Take another" : "Take a photo"}
      </label>
    </div>
  );
}

/** Take photos that are dropped anywhere on the page or pasted; tells whether one hangs over it. */
export function useDroppedPhoto(onPhoto: OnPhoto): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const drag = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      // Without this the browser would open the photo in place of the page.
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      // Of the window, not from one element to the next.
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      const photo = event.dataTransfer?.files[0];
      if (!photo) return;
      event.preventDefault();
      onPhoto(photo);
    };
    const paste = (event: ClipboardEvent) => {
      const files = Array.from(event.clipboardData?.files ?? []);
      const photo = files.find(({ type }) => type.startsWith("image/"));
      if (photo) onPhoto(photo);
    };
    window.addEventListener("dragover", drag);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    window.addEventListener("paste", paste);
    return () => {
      window.removeEventListener("dragover", drag);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
      window.removeEventListener("paste", paste);
    };
  }, [onPhoto]);
  return over;
}
