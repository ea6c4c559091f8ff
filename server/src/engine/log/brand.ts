declare const brand: unique symbol;

/** A primitive that only its maker may call by this name. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
