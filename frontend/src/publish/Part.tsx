import { Icon } from "../ui/Icon";

export const Part = ({ title, icon, children }: { title: string; icon: string; children: React.ReactNode }) => (
  <section className="cv-part" aria-label={title}>
    <h3>
      <Icon name={icon} />
      {title}
    </h3>
    {children}
  </section>
);
