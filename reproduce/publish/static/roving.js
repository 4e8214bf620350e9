"use strict";

// A group of buttons is one stop of the Tab key; arrow keys move within it.

// Columns: how many buttons make a row (for up and down); 0: there is one row.
function startRoving(group, columns = 0) {
  const all = () => [...group.querySelectorAll("button")].filter((one) => !one.hidden);
  function stop(at) {
    group.querySelectorAll("button").forEach((button) => {
      button.tabIndex = button === at ? 0 : -1;
    });
  }
  group.addEventListener("focusin", (event) => {
    const button = event.target.closest("button");
    if (button && group.contains(button)) {
      stop(button);
    }
  });
  group.addEventListener("keydown", (event) => {
    const buttons = all();
    const at = buttons.indexOf(document.activeElement);
    const steps = {
      ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns || 1, ArrowUp: -(columns || 1),
    };
    const to = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1
      : at + steps[event.key];
    if (at >= 0 && buttons[to] && to !== at) {
      event.preventDefault();
      buttons[to].focus();
    }
  });
  stop(all()[0]);
}
