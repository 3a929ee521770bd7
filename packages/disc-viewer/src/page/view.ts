/** Where a picture lies on the stage. Lengths are in pixels of the page. Pure. */

export interface View {
  /** 1: as large as fits. */
  readonly zoom: number;
  /** How far the middle of the picture is from the middle of the stage. */
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

export const WHOLE: View = { zoom: 1, x: 0, y: 0 };
const LEAST_ZOOM = 0.2;
const MOST_ZOOM = 40;

/** Where a picture of these proportions is drawn. */
export function boxOf(view: View, picture: Size, stage: Size): Box {
  const fit = Math.min(stage.width / picture.width, stage.height / picture.height);
  const width = picture.width * fit * view.zoom;
  const height = picture.height * fit * view.zoom;
  return {
    x: (stage.width - width) / 2 + view.x,
    y: (stage.height - height) / 2 + view.y,
    width,
    height,
  };
}

/** Larger or smaller, while what lies at a point stays there; the point is counted from the middle of the stage. */
export function zoomed(view: View, factor: number, point: { x: number; y: number } = { x: 0, y: 0 }): View {
  const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, view.zoom * factor));
  const grown = zoom / view.zoom;
  return { zoom, x: point.x + (view.x - point.x) * grown, y: point.y + (view.y - point.y) * grown };
}

export function moved(view: View, x: number, y: number): View {
  return { ...view, x: view.x + x, y: view.y + y };
}
