import "@xyflow/react/dist/style.css";
import { createRoot } from "react-dom/client";
import { Client } from "./api/client";
import { t } from "./messages";
import "./rules/register";
import { Keeper, nameTab, openTabs } from "./saving/keeper";
import { Store } from "./store";
import "./styles/base.css";
import "./styles/canvas.css";
import "./styles/drawer.css";
import "./styles/frame.css";
import "./styles/outline.css";
import { csrfToken, readTold } from "./told";
import "./content";
import "./fields";
import "./sms";
import { App } from "./ui/App";

async function open(): Promise<Store> {
  const told = readTold();
  const client = new Client(told.api, told.language, csrfToken, told.user);
  const [draft, kinds, choices, isOpen] = await Promise.all([
    client.draft(told.slug),
    client.kinds(),
    client.choices(),
    openTabs(navigator.locks),
  ]);
  const keeper = new Keeper(localStorage, told.user, told.slug, await nameTab(sessionStorage, navigator.locks));
  const store = new Store(told, client, keeper, draft, kinds, choices);
  store.recover(keeper.recovered(), keeper.left(isOpen));
  store.follow(window.location.hash);
  return store;
}

const place = document.getElementById("canvas");
if (place) {
  const root = createRoot(place);
  root.render(<p className="cv-loading">{t.loading}</p>);
  open().then(
    (store) => root.render(<App store={store} />),
    (error: unknown) =>
      root.render(
        <div className="cv-loading" role="alert">
          <p>{t.loadFailed}</p>
          <p className="cv-quiet">{error instanceof Error ? error.message : ""}</p>
          <button type="button" className="cv-button" onClick={() => window.location.reload()}>
            {t.tryAgain}
          </button>
        </div>,
      ),
  );
}
