import { Icon } from "../ui/Icon";

/** What can be done with a row by a click; keys do the same on the row itself. */
export const RowAct = ({ icon, label, onClick }: { icon: string; label: string; onClick: () => void }) => (
  <button
    type="button"
    tabIndex={-1}
    className="cv-icon-button small"
    aria-label={label}
    title={label}
    onClick={(event) => {
      event.stopPropagation();
      onClick();
    }}
  >
    <Icon name={icon} />
  </button>
);
