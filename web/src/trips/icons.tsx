// Drawn for this page, like those of app/icons. They only repeat the names of their buttons.
import { Icon } from "../app/icons";

export const UpIcon = () => (
  <Icon>
    <path d="M12 19V5.5M6 11l6-6 6 6" />
  </Icon>
);

export const DownIcon = () => (
  <Icon>
    <path d="M12 5v13.5M6 13l6 6 6-6" />
  </Icon>
);

export const DragIcon = () => (
  <Icon>
    <path d="M9 6v.1M15 6v.1M9 12v.1M15 12v.1M9 18v.1M15 18v.1" strokeWidth="3" />
  </Icon>
);

export const MoreIcon = () => (
  <Icon>
    <path d="M5.5 12v.1M12 12v.1M18.5 12v.1" strokeWidth="3" />
  </Icon>
);
