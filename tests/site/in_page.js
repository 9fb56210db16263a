// Runs in the pages of the site, before their own scripts: what `look.ts` asks them.

globalThis.inPage = {
  anchors: () => [...document.querySelectorAll("[id]")].map(({ id }) => id),

  links: () => [...document.querySelectorAll("a[href]")].map(({ href }) => href),

  isDark: () => document.documentElement.classList.contains("dark"),

  /** What stands out of the window, and letters that are smaller than so many pixels. */
  faultsOfLayout(smallest) {
    const faults = [];
    const show = (element) => `<${element.localName}> ${element.textContent.trim().slice(0, 60)}`;
    // What scrolls by itself may be as wide as it likes.
    const scrolls = (element) =>
      element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    if (document.documentElement.scrollWidth > innerWidth) faults.push("the page is wider than the window");
    for (const element of document.querySelectorAll(".VPContent *")) {
      const { left, right, width } = element.getBoundingClientRect();
      if (width <= 1 || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const isOut = right > innerWidth + 1 || left < -1;
      if (isOut && !scrolls(element.parentElement)) faults.push(`out of the window: ${show(element)}`);
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
      const { fontSize } = getComputedStyle(element);
      if (hasText && parseFloat(fontSize) < smallest) faults.push(`letters of ${fontSize}: ${show(element)}`);
    }
    return faults;
  },

  /** Texts whose contrast is less than WCAG 2 AA asks for; by axe-core, which is in the page, too. */
  async faultsOfContrast() {
    // Where colours are changing, there is no telling what they are.
    await Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {})));
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ["color-contrast"],
      resultTypes: ["violations"],
      preload: false,
    });
    return violations.flatMap(({ nodes }) => nodes.map(({ any, html }) => `${any[0].message} ${html.slice(0, 120)}`));
  },
};
