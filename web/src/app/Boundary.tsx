// Keeps what breaks in one part of the page from taking the rest with it.
import { Component, type ReactNode } from "react";

import { Problem } from "./Problem";

interface Props {
  children: ReactNode;
}

export class Boundary extends Component<Props, { error: unknown }> {
  override state = { error: undefined as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    // A new start, since the browser remembers that a part could not be loaded.
    return <Problem error={this.state.error} onRetry={() => location.reload()} />;
  }
}
