/**
 * What parts that load later have in common with the page's script. Every file costs a kilobyte of headers, and the build
 * makes one of its own for each set of parts that use a thing: where all of them name this list, there is one set, so one file.
 */

import 'htmx.org';
import './ask';
import './attach';
import './behind';
import './channel';
import './command';
import './icons';
import './ids';
import './install';
import './kept';
import './kept-rules';
import './lost';
import './ops';
import './pack-rules';
import './pending';
import './person';
import './position';
import './sender';
import './store';
import './toast';
import './words';
