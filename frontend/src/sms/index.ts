import { registerEditor } from "../drawer/editors";
import { SmsField } from "./SmsField";

registerEditor("sms_content", SmsField);
