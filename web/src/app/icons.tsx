// Drawn for this page, 24 by 24. They only repeat what words beside them say.
import type { ReactNode } from "react";

export function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const CameraIcon = () => (
  <Icon>
    <path d="M4 8h3.5l1.5-2.5h6L16.5 8H20a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1z" />
    <circle cx="12" cy="13.3" r="3.5" />
  </Icon>
);

export const PictureIcon = () => (
  <Icon>
    <rect x="3" y="4.5" width="18" height="15" rx="2" />
    <circle cx="15.8" cy="9" r="1.6" />
    <path d="M3.5 17.5l5.3-6 4 4.5 2.4-2.4 5 5" />
  </Icon>
);

export const TripIcon = () => (
  <Icon>
    <circle cx="6" cy="18" r="2.2" />
    <path d="M18 3.5a3.5 3.5 0 0 0-3.5 3.5c0 2.6 3.5 5.5 3.5 5.5s3.5-2.9 3.5-5.5A3.5 3.5 0 0 0 18 3.5z" />
    <path d="M8.3 18H15a2.5 2.5 0 0 0 0-5h-4a2.5 2.5 0 0 1 0-5h.8" />
  </Icon>
);

export const HistoryIcon = () => (
  <Icon>
    <path d="M4.2 9.5A8.3 8.3 0 1 1 3.7 13" />
    <path d="M3.8 4.8v4.9h4.9" />
    <path d="M12 8v4.5l3 1.8" />
  </Icon>
);

export const PersonIcon = () => (
  <Icon>
    <circle cx="12" cy="8" r="3.8" />
    <path d="M4.5 20c.8-3.9 3.8-6 7.5-6s6.7 2.1 7.5 6" />
  </Icon>
);

export const PinIcon = () => (
  <Icon>
    <path d="M12 3a6.5 6.5 0 0 0-6.5 6.5C5.5 14.2 12 21 12 21s6.5-6.8 6.5-11.5A6.5 6.5 0 0 0 12 3z" />
    <circle cx="12" cy="9.5" r="2.3" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path d="M5 12.8l4.5 4.5L19.5 7" />
  </Icon>
);

export const CrossIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6L6 18" />
  </Icon>
);

export const WordsIcon = () => (
  <Icon>
    <path d="M5 5h14a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 19 17h-7l-4.5 3.5V17H5a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 5 5z" />
    <path d="M7.5 9.3h9M7.5 12.7h5.5" />
  </Icon>
);

export const WarningIcon = () => (
  <Icon>
    <path d="M12 4.2L21 19.5H3z" />
    <path d="M12 10v4.2M12 16.9v.1" />
  </Icon>
);

export const LogoIcon = () => (
  <svg
    className="logo"
    viewBox="0 0 32 32"
    width="32"
    height="32"
    aria-hidden="true"
    focusable="false"
  >
    <path
      d="M16 2.5a11 11 0 0 0-11 11C5 21 16 30 16 30s11-9 11-16.5a11 11 0 0 0-11-11z"
      fill="currentColor"
    />
    <path className="logo-land" d="M9.5 17.5l4.5-6 3 3.8 2-2.3 3.5 4.5z" />
    <circle className="logo-sun" cx="20" cy="9" r="1.8" />
  </svg>
);
