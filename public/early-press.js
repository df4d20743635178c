// What is pressed while the page can't answer yet is pressed for it as soon as it can; of several presses the last. Links and forms
// answer without help. Until then it looks pressed (app.css). The page says by two marks when React takes presses
// (entry.client.tsx) and when it is awake (root.tsx).
let pressed = null;

function note({ target }) {
  if (performance.getEntriesByName('listening').length > 0) return;
  delete pressed?.dataset.pressed;
  pressed = target instanceof Element ? target.closest('button[type=button]') : null;
  if (pressed) pressed.dataset.pressed = '';
}

addEventListener('click', note, { capture: true });
new PerformanceObserver((entries, observer) => {
  if (entries.getEntriesByName('hydrated').length === 0) return;
  observer.disconnect();
  removeEventListener('click', note, { capture: true });
  delete pressed?.dataset.pressed;
  if (!pressed?.isConnected) return;
  // Menus open with the pointer’s press, everything else with its click.
  pressed.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, cancelable: true, button: 0 }));
  pressed.click();
}).observe({ type: 'mark', buffered: true });
