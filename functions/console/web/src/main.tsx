import { render } from "preact";
import { App } from "./app";
import { watchAddress } from "./router";
import { watchIdleness } from "./session";

watchAddress();
watchIdleness();
const root = document.getElementById("app");
if (root) render(<App />, root);
