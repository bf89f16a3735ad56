import type { ComponentProps } from "react";
import { createPortal } from "react-dom";
import { Dialog } from "../ui/Dialog";

/** A dialog that stands beside the application, not in the form that opened it, whose looks it would take on. */
export const Layer = (props: ComponentProps<typeof Dialog>) => createPortal(<Dialog {...props} />, document.querySelector(".cv") ?? document.body);
