import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A titled part of the page. */
export function Panel(props: {
  title: string;
  area: string;
  hint?: string;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class={`panel ${props.area}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{props.title}</h2>
        {props.hint !== undefined && <p class="hint">{props.hint}</p>}
      </header>
      {props.children}
    </section>
  );
}
