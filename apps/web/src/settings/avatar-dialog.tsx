import { useEffect, useRef, useState, type PointerEvent, type ReactElement } from "react";

import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { dragged, middle, zoomMax, type Crop } from "./crop.ts";
import { drawSquare } from "./encode-avatar.ts";

/** Pixels of each side of the preview. */
const previewSide = 256;

interface AvatarDialogProps {
  readonly picture: ImageBitmap;
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly onSave: (crop: Crop) => void;
  readonly onClose: () => void;
}

/** Chooses the square of a picture: by dragging it, or with three sliders that a keyboard moves too. */
export function AvatarDialog({ picture, isBusy, error, onSave, onClose }: AvatarDialogProps): ReactElement {
  const [crop, setCrop] = useState(middle);
  return (
    <Dialog title="Crop your new picture" onClose={onClose}>
      <div className="dialog-body stack">
        <FailureBanner error={error} />
        <Preview picture={picture} crop={crop} onCrop={setCrop} />
        <Slider
          label="Zoom"
          min={1}
          max={zoomMax}
          value={crop.zoom}
          onSlide={(zoom) => setCrop(dragged(picture, { ...crop, zoom }, { x: 0, y: 0 }))}
        />
        <Slider label="Left to right" min={0} max={1} value={crop.x} onSlide={(x) => setCrop({ ...crop, x })} />
        <Slider label="Top to bottom" min={0} max={1} value={crop.y} onSlide={(y) => setCrop({ ...crop, y })} />
        <p className="small muted">
          Anyone can see it, at every node of the network. It is drawn anew here, so where and when it was taken stays
          on your device.
        </p>
        <div className="form-actions">
          <Button variant="primary" busy={isBusy} onClick={() => onSave(crop)}>
            Set new picture
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </div>
    </Dialog>
  );
}

interface PreviewProps {
  readonly picture: ImageBitmap;
  readonly crop: Crop;
  readonly onCrop: (crop: Crop) => void;
}

function Preview({ picture, crop, onCrop }: PreviewProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current !== null) drawSquare(canvas.current, picture, crop);
  }, [picture, crop]);
  const drag = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.buttons !== 1) return;
    const { width } = event.currentTarget.getBoundingClientRect();
    onCrop(dragged(picture, crop, { x: event.movementX / width, y: event.movementY / width }));
  };
  return (
    <canvas
      ref={canvas}
      className="avatar-crop"
      width={previewSide}
      height={previewSide}
      aria-hidden="true"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
    />
  );
}

interface SliderProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly onSlide: (value: number) => void;
}

function Slider({ label, min, max, value, onSlide }: SliderProps): ReactElement {
  return (
    <label className="slider">
      <span>{label}</span>
      <input
        type="range"
        min={min}
        max={max}
        step={0.01}
        value={value}
        onChange={(event) => onSlide(event.target.valueAsNumber)}
      />
    </label>
  );
}
