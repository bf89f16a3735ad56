import type { ReactNode } from "react";
import { Component } from "react";
import { c } from "./messages";

interface Props {
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What is loaded late may not come: without a network the drawer goes on, and says so. */
export class Late extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError = () => ({ failed: true });

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="ct-late" role="alert">
        <p>{c.loadFailed}</p>
        <button type="button" className="cv-button" onClick={this.props.onClose}>
          {c.done}
        </button>
      </div>
    );
  }
}
