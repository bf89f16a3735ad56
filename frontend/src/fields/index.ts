// Fields that ask for a value in the way people think of it.
import { registerEditor } from "../drawer/editors";
import { DurationField } from "./DurationField";
import { FileColumnsField } from "./FileColumnsField";
import { FileField } from "./FileField";
import "./fields.css";
import { momentField } from "./MomentField";
import { nameField } from "./NameField";

registerEditor("duration", DurationField);
registerEditor("date", momentField("date"));
registerEditor("time", momentField("time"));
registerEditor("date_time", momentField("date_time"));
registerEditor("attribute", nameField("attribute"));
registerEditor("link", nameField("link"));
registerEditor("stored_file", FileField);
registerEditor("file_columns", FileColumnsField);
