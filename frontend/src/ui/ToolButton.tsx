import { Icon } from "./Icon";

interface Tool {
  readonly icon: string;
  readonly label: string;
  readonly keys?: string;
  readonly isOff?: boolean;
  readonly onClick: () => void;
}

/** A picture that does something; its name and its keys are told beside it. */
export const ToolButton = ({ icon, label, keys, isOff, onClick }: Tool) => (
  <button
    type="button"
    className="cv-icon-button"
    aria-label={label}
    title={keys ? `${label} (${keys})` : label}
    aria-keyshortcuts={keys?.replace("Ctrl", "Control")}
    disabled={isOff}
    onClick={onClick}
  >
    <Icon name={icon} />
  </button>
);
