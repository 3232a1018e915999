import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Filter } from '../model/filter';
import { type Route, readRoute, writeRoute } from '../model/route';

interface Visit {
  readonly route: Route;
  /** Where to scroll; null to stay, as when a filter changes. */
  readonly scrollTo: number | null;
}

interface HistoryState {
  readonly scrollY?: number;
}

/** Browsers refuse more than about a hundred changes of the address in half a minute. */
const addressDelayMs = 200;

/**
 * The route of the address, and a way to change its filter. A new page begins at its top with the focus on its heading;
 * the way back leads to where one was.
 */
export function useRoute(): [Route, (filter: Filter) => void] {
  const [visit, setVisit] = useState<Visit>(() => ({ route: readRoute(location.hash), scrollTo: null }));
  const addressTimer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const shownRoute = useRef(visit.route);
  shownRoute.current = visit.route;

  useEffect(() => {
    history.scrollRestoration = 'manual';
    const onChange = () => {
      const state = history.state as HistoryState | null;
      setVisit({ route: readRoute(location.hash), scrollTo: state?.scrollY ?? 0 });
    };
    /** Before a link leads away, the address and the place on the page are made sure of. */
    const keepPlace = () => {
      clearTimeout(addressTimer.current);
      history.replaceState({ scrollY }, '', writeRoute(shownRoute.current));
    };
    const onClick = ({ target }: MouseEvent) => {
      if (target instanceof Element && target.closest('a') !== null) keepPlace();
    };
    const onKeyDown = ({ key }: KeyboardEvent) => {
      if (key === 'Enter') keepPlace();
    };
    addEventListener('hashchange', onChange);
    addEventListener('click', onClick, true);
    addEventListener('keydown', onKeyDown, true);
    return () => {
      removeEventListener('hashchange', onChange);
      removeEventListener('click', onClick, true);
      removeEventListener('keydown', onKeyDown, true);
    };
  }, []);

  useLayoutEffect(() => {
    if (visit.scrollTo === null) return;
    scrollTo(0, visit.scrollTo);
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [visit]);

  const setFilter = useCallback((filter: Filter) => {
    if (!('filter' in shownRoute.current)) return;
    const route = { ...shownRoute.current, filter };
    setVisit({ route, scrollTo: null });
    clearTimeout(addressTimer.current);
    // Not a visit of its own: nobody wants to go back through the letters of a search.
    addressTimer.current = setTimeout(() => history.replaceState(history.state, '', writeRoute(route)), addressDelayMs);
  }, []);

  return [visit.route, setFilter];
}
