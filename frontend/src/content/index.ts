// What this folder adds to the canvas.
import { registerEditor } from "../drawer/editors";
import { EmailField } from "./EmailField";

registerEditor("email_content", EmailField);
