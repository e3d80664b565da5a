/** The sidebar's icon: an eye that looks aside, which is what "askance" means. */
import { LabIcon } from '@jupyterlab/ui-components';

const svgstr = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161">
    <path fill-rule="evenodd" d="M1 12C4 7 8 5 12 5s8 2 11 7c-3 5-7 7-11 7s-8-2-11-7zm2.4 0C6 15.5 9 17 12 17s6-1.5 8.6-5C18 8.5 15 7 12 7s-6 1.5-8.6 5z"/>
    <circle cx="15" cy="11.5" r="3"/>
  </g>
</svg>`;

export const askanceIcon = new LabIcon({ name: 'askance:eye', svgstr });
