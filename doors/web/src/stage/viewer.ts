// The deep zoom below everything: OpenSeadragon with the photograph in it, and where it stands on the screen.
import OpenSeadragon from 'openseadragon';
import { address, type Crop, type Point } from '../api.ts';
import { shapedFor, type ScreenFromPhoto, type Size } from '../lib/screen.ts';

export type Viewer = {
  zoomBy(factor: number, at?: Point): void;
  panBy(screen: Point): void;
  fit(): void;
  close(): void;
};

/** OpenSeadragon writes a rule of style into the page, which our policy forbids, unless it finds its mark there already. */
function forbidInlineStyle(): void {
  if (document.querySelector('style[data-openseadragon-mobile-css]')) return;
  // because only its name is looked for: an element of no language is never applied
  const mark = document.createElementNS('urn:stipple', 'style');
  mark.setAttribute('data-openseadragon-mobile-css', 'true');
  document.head.append(mark);
}

/** Longer side that is fetched first, and the most that is ever fetched, px. */
const FIRST_SIDE_PX = 1600;
const FULL_SIDE_PX = 8192;

export function openViewer(
  element: HTMLElement,
  photograph: string,
  photo: Size,
  home: Crop | null,
  moved: (transform: ScreenFromPhoto) => void,
  rested: () => void,
): Viewer {
  forbidInlineStyle();
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const gestures = { clickToZoom: false, dblClickToZoom: false };
  const viewer = OpenSeadragon({
    element,
    tabIndex: -1,
    autoResize: false,
    showNavigationControl: false,
    drawer: 'canvas',
    animationTime: calm ? 0 : 0.3,
    visibilityRatio: 0.3,
    minZoomImageRatio: 0.5,
    maxZoomPixelRatio: 12,
    gestureSettingsMouse: gestures,
    gestureSettingsTouch: gestures,
    gestureSettingsPen: gestures,
    tileSources: { type: 'image', url: address.picture(photograph, FIRST_SIDE_PX) },
  });
  const tell = () => {
    const { viewport } = viewer;
    if (!viewport || viewer.world.getItemCount() === 0) return;
    const origin = viewport.pixelFromPoint(new OpenSeadragon.Point(0, 0), true);
    const right = viewport.pixelFromPoint(new OpenSeadragon.Point(1, 0), true);
    moved({ scale: (right.x - origin.x) / photo.width, left: origin.x, top: origin.y });
  };
  // because the stage changes its size with every row of tools: who has not moved yet goes on seeing all
  let untouched = true;
  const touched = () => {
    untouched = false;
  };
  (['canvas-drag', 'canvas-scroll', 'canvas-pinch'] as const).forEach((event) => viewer.addHandler(event, touched));
  const goHome = () => {
    if (!home) viewer.viewport.goHome(true);
    else {
      const [x, y, width, height] = shapedFor({ width: element.clientWidth, height: element.clientHeight }, home, photo).map((px) => px / photo.width) as Crop;
      viewer.viewport.fitBounds(new OpenSeadragon.Rect(x, y, width, height), true);
    }
  };
  viewer.addHandler('open', () => {
    goHome();
    tell();
    rested();
    const full = Math.min(FULL_SIDE_PX, Math.max(photo.width, photo.height));
    if (full > FIRST_SIDE_PX) viewer.addSimpleImage({ url: address.picture(photograph, full) });
  });
  viewer.addHandler('update-viewport', tell);
  viewer.addHandler('animation-finish', rested);
  const sized = () => {
    if (viewer.world.getItemCount() === 0) return;
    viewer.viewport.resize(new OpenSeadragon.Point(element.clientWidth, element.clientHeight), true);
    if (untouched) goHome();
    viewer.forceRedraw();
    tell();
    rested();
  };
  // by ourselves, because OpenSeadragon notices a new size late or not at all
  const sizes = new ResizeObserver(sized);
  sizes.observe(element);
  // because the stage has keys of its own
  viewer.addHandler('canvas-key', (event) => {
    event.preventDefaultAction = true;
  });

  const { viewport } = viewer;
  const inViewport = ([x, y]: Point) => viewport.pointFromPixel(new OpenSeadragon.Point(x, y), true);
  return {
    zoomBy(factor, at) {
      touched();
      viewport.zoomBy(factor, at ? inViewport(at) : undefined);
      viewport.applyConstraints();
    },
    panBy([x, y]) {
      touched();
      viewport.panBy(viewport.deltaPointsFromPixels(new OpenSeadragon.Point(x, y)));
      viewport.applyConstraints();
    },
    fit: () => {
      sized();
      viewport.goHome();
    },
    close: () => {
      sizes.disconnect();
      viewer.destroy();
    },
  };
}
