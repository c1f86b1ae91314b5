import { expect, test } from 'vitest';

import { keyOf } from './keys.svelte';

const plain = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };

test('acts sit on function keys and Alt with a letter or digit', () => {
  expect(keyOf({ ...plain, key: 'F8', code: 'F8' })).toBe('F8');
  expect(keyOf({ ...plain, key: 'ß', code: 'KeyS', altKey: true })).toBe('Alt+S');
  expect(keyOf({ ...plain, key: '1', code: 'Digit1', altKey: true })).toBe('Alt+1');
  expect(keyOf({ ...plain, key: 'F4', code: 'F4', shiftKey: true })).toBe('Shift+F4');
});

test('no act sits on a bare letter, nor where the browser or the system has its own', () => {
  expect(keyOf({ ...plain, key: 's', code: 'KeyS' })).toBe('');
  expect(keyOf({ ...plain, key: 's', code: 'KeyS', ctrlKey: true })).toBe('');
  expect(keyOf({ ...plain, key: 'F5', code: 'F5', ctrlKey: true })).toBe('');
  expect(keyOf({ ...plain, key: 'Enter', code: 'Enter', altKey: true })).toBe('');
});
