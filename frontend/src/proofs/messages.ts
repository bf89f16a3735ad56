// Texts about proofs.
import { catalogue } from "../messages";

export const en = {
  help: {
    email: "A proof is a real e-mail through the activity's channel, marked as a proof. It counts in no report.",
    sms: "A proof is a real text through the activity's channel, marked as a proof. It counts in no report, but costs what a text costs.",
  },
  to: "Send to",
  hint: { email: "ann@example.com, bo@example.com", sms: "+82 10 1234 5678" },
  most: { email: "At most five addresses, with commas between them.", sms: "At most five numbers, with commas between them." },
  send: "Send a proof",
  sending: "Sending …",
  as: (name: string) => `It will read as for ${name}.`,
  unsaved: "The campaign could not be saved, and a proof is made of what is saved. See above what keeps it from being saved.",
  unreachable: {
    email: "The server did not answer; it is not known whether the proof was sent. Look into the mailbox before you send another.",
    sms: "The server did not answer; it is not known whether the proof was sent. Look at the telephone before you send another.",
  },
  state: {
    sent: { email: "The mail server has taken it.", sms: "The gateway has taken it." },
    failed_permanent: { email: "The mail server refuses it for good.", sms: "The gateway refuses it for good." },
    failed_temporary: { email: "The mail server does not take it now; try again later.", sms: "The gateway does not take it now; try again later." },
    not_attempted: { email: "It was not sent: the mail server could not be reached.", sms: "It was not sent: the gateway could not be reached." },
    unknown: { email: "The connection broke; it may have been sent or not.", sms: "The connection broke; it may have been sent or not." },
  } as Record<string, { readonly email: string; readonly sms: string }>,
  reply: (words: string) => `The server says: ${words}`,
  ready: "Mend the errors before you send a proof.",
};

export const ko: typeof en = {
  help: {
    email: "시험 메일은 액티비티의 채널로 보내는 실제 이메일이며 시험이라고 표시됩니다. 보고서에는 집계되지 않습니다.",
    sms: "시험 문자는 액티비티의 채널로 보내는 실제 문자이며 시험이라고 표시됩니다. 보고서에는 집계되지 않지만 문자 요금은 듭니다.",
  },
  to: "받을 곳",
  hint: { email: "minsu@example.com, jiwoo@example.com", sms: "010-1234-5678" },
  most: { email: "쉼표로 구분하여 다섯 개까지 입력할 수 있습니다.", sms: "전화번호를 쉼표로 구분하여 다섯 개까지 입력할 수 있습니다." },
  send: "시험 발송",
  sending: "보내는 중 …",
  as: (name) => `${name} 님에게 보이는 내용으로 보냅니다.`,
  unsaved: "캠페인을 저장하지 못했습니다. 시험 발송은 저장된 내용으로 합니다. 저장되지 않는 이유를 위에서 확인해 주세요.",
  unreachable: {
    email: "서버가 응답하지 않아 시험 메일이 발송되었는지 알 수 없습니다. 다시 보내기 전에 받은 편지함을 확인해 주세요.",
    sms: "서버가 응답하지 않아 시험 문자가 발송되었는지 알 수 없습니다. 다시 보내기 전에 휴대전화를 확인해 주세요.",
  },
  state: {
    sent: { email: "메일 서버가 받았습니다.", sms: "문자 게이트웨이가 받았습니다." },
    failed_permanent: { email: "메일 서버가 영구적으로 거부합니다.", sms: "문자 게이트웨이가 영구적으로 거부합니다." },
    failed_temporary: { email: "메일 서버가 지금은 받지 않습니다. 나중에 다시 시도해 주세요.", sms: "문자 게이트웨이가 지금은 받지 않습니다. 나중에 다시 시도해 주세요." },
    not_attempted: { email: "보내지 않았습니다. 메일 서버에 연결할 수 없습니다.", sms: "보내지 않았습니다. 문자 게이트웨이에 연결할 수 없습니다." },
    unknown: { email: "연결이 끊겨 발송되었는지 알 수 없습니다.", sms: "연결이 끊겨 발송되었는지 알 수 없습니다." },
  },
  reply: (words) => `서버의 응답: ${words}`,
  ready: "시험 발송을 하기 전에 오류를 고쳐 주세요.",
};

export const w = catalogue(en, ko);
