// Texts of the fields for durations, dates, names and files.
import { catalogue } from "../messages";

export const en = {
  unit: "unit",
  units: { minutes: "minutes", hours: "hours", days: "days" },
  choose: "Choose from a list",
  chooseFile: "Choose …",
  noFiles: "No file has been uploaded yet.",
  filesFailed: "The list of files could not be had. Type the short name of one.",
  gone: (slug: string) => `${slug} (not there any more)`,
  readColumns: "Read the columns from the file",
  reading: "Reading …",
  columnsRead: (count: number) => (count === 1 ? "One column was read. Look at it before you go on." : `${count} columns were read. Look at them before you go on.`),
  chooseFirst: "Choose a file above, and its columns are read from it.",
  readFailed: "The columns could not be read. Try again in a moment.",
};

export const ko: typeof en = {
  unit: "단위",
  units: { minutes: "분", hours: "시간", days: "일" },
  choose: "목록에서 선택",
  chooseFile: "선택 …",
  noFiles: "아직 업로드된 파일이 없습니다.",
  filesFailed: "파일 목록을 가져오지 못했습니다. 파일의 짧은 이름을 입력해 주세요.",
  gone: (slug) => `${slug}(이제 없음)`,
  readColumns: "파일에서 열 읽기",
  reading: "읽는 중 …",
  columnsRead: (count) => `열 ${count}개를 읽었습니다. 계속하기 전에 확인해 주세요.`,
  chooseFirst: "위에서 파일을 선택하면 열을 읽어 올 수 있습니다.",
  readFailed: "열을 읽지 못했습니다. 잠시 후 다시 시도해 주세요.",
};

export const f = catalogue(en, ko);
