import { Icon } from "../ui/Icon";

export const StateMark = ({ icon, tone, words, isTurning = false }: { icon: string; tone: string; words: string; isTurning?: boolean }) => (
  <span className={`cv-state ${tone}`}>
    <Icon name={icon} className={isTurning ? "is-turning" : ""} />
    <span>{words}</span>
  </span>
);
