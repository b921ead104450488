import { compareTraining } from './training.js';

compareTraining('SIMD', ['adam', 'sgd']);
