import "./jitless.ts";
import "./styles/index.css";
import { createRoot } from "react-dom/client";
import { takeCode } from "./api/access.ts";
import { App } from "./app.tsx";
import { browserEnvironment } from "./live/browser.ts";
import { loadPartsWhenIdle } from "./parts.ts";
import { createAppRouter } from "./routes.tsx";
import { createServices } from "./services.ts";

const services = createServices(browserEnvironment());
const signIn = () => {
  const code = takeCode(location, history);
  if (code !== null) void services.access.signIn(code, services.api.login);
};
signIn();
window.addEventListener("hashchange", signIn);
const container = document.getElementById("app");
if (container !== null) createRoot(container).render(<App services={services} router={createAppRouter()} />);
loadPartsWhenIdle();
