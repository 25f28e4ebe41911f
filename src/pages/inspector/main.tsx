import { render } from 'preact';

const root = document.querySelector('#root');
if (root !== null) render(<main />, root);
