declare module 'virtual:redoc-url' {
  const url: string;
  // eslint-disable-next-line no-restricted-syntax -- what a module of Vite's is
  export default url;
}
