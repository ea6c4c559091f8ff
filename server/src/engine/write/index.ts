export { executeMutation, type MutationContext } from './mutation.js';
