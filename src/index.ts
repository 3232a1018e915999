/** `jest --testSequencer=jest-distributed` */
import sequencer = require('./sequencer');

export = sequencer;
