/** Hills, a temple and a sun: an invitation, not information. */
export function Landscape() {
  return (
    <svg
      className="landscape"
      viewBox="0 0 320 150"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
      focusable="false"
    >
      <circle className="sun" cx="186" cy="86" r="19" />
      <path
        className="far"
        d="M0 112c40-34 74-44 108-30 30 12 52 14 86-8 38-24 78-20 126 20v56H0z"
      />
      <path className="near" d="M0 128c58-26 112-28 164-14 58 16 104 12 156-6v42H0z" />
      <g className="temple">
        <path d="M92 82l34-18 34 18z" />
        <path d="M95 85h62v5H95zM93 118h66v6H93z" />
        <path d="M99 92h7v25h-7zM114 92h7v25h-7zM131 92h7v25h-7zM146 92h7v25h-7z" />
      </g>
    </svg>
  );
}
