import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";
import "./jitless.ts";

afterEach(cleanup);
