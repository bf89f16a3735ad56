import { useEffect, useId, useState } from "react";
import type { DrawnProps } from "../drawer/Field";
import { Row, shown, useForm } from "../drawer/Field";
import { own } from "../drawer/problems";
import { useStore } from "../ui/context";
import type { Uploaded } from "./api";
import { uploadedFiles } from "./api";
import { f } from "./messages";

/** A file by its name. Without the list it is named by its slug. */
export function FileField({ field, value, place, name, onChange, findings, isRequired }: DrawnProps) {
  const { client } = useStore();
  const { isOff } = useForm();
  const id = useId();
  const [files, setFiles] = useState<readonly Uploaded[] | "failed" | null>(null);
  useEffect(() => {
    const asked = new AbortController();
    uploadedFiles(client, asked.signal).then(setFiles, () => !asked.signal.aborted && setFiles("failed"));
    return () => asked.abort();
  }, [client]);
  const given = shown(field, value);
  const slug = typeof given === "string" ? given : "";
  const problems = own(findings, []);
  const told = { id, disabled: isOff, value: slug, "aria-invalid": problems.length > 0, "aria-describedby": `${id}-help ${id}-problems` };
  const change = (event: { target: { value: string } }) => onChange(event.target.value, place);
  return (
    <Row {...{ id, name, field, problems, isRequired }}>
      {files === "failed" ? (
        <input type="text" {...told} onChange={change} />
      ) : (
        <select {...told} aria-busy={files === null} onChange={change}>
          {slug === "" && <option value="">{f.chooseFile}</option>}
          {slug !== "" && !files?.some((each) => each.slug === slug) && <option value={slug}>{files ? f.gone(slug) : slug}</option>}
          {files?.map((each) => (
            <option key={each.slug} value={each.slug}>
              {each.name}
            </option>
          ))}
        </select>
      )}
      {files === "failed" && <p className="cv-help">{f.filesFailed}</p>}
      {Array.isArray(files) && files.length === 0 && <p className="cv-help">{f.noFiles}</p>}
    </Row>
  );
}
