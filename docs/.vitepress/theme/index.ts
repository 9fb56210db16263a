/**
 * VitePress's own theme, with the reader's fonts.
 *
 * @module
 */

import type { Theme } from "vitepress";
import theme from "vitepress/theme-without-fonts";
import "./style.css";

const own: Theme = { extends: theme };

export default own;
