/** What vitest asks of a provider until a test needs the browser. */
export function noBrowser() {
  return {
    name: 'no-browser',
    options: {},
    supportedBrowser: ['chromium'],
    providerFactory() {
      throw new Error('no browser is to be started');
    },
    serverFactory: async () => ({
      plugins: [],
      config: () => ({}),
      configureServer() {},
      transformIndexHtml() {},
      resolveOptimizeDeps: async () => ({}),
      createParent: () => ({ spawn() {}, close() {} }),
      setupRpc() {},
    }),
  };
}
