import { compareTraining } from './training.js';

compareTraining('relaxed SIMD', ['adam', 'sgd', 'momentum', 'nesterov', 'adamw']);
