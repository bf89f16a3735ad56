import { createContext, useContext } from "react";
import type { Transition } from "../model/document";

/** What a click on the number of a transition shows; null where there are no numbers. */
export const WayContext = createContext<((transition: Transition) => void) | null>(null);
export const useWay = () => useContext(WayContext);
