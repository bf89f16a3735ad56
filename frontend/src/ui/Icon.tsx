/** A glyph of the admin's own icon font; what it means is always said beside it. */
export const Icon = ({ name, className = "" }: { name: string; className?: string }) => (
  <span className={`material-symbols-outlined ${className}`} aria-hidden="true" translate="no">
    {name}
  </span>
);
