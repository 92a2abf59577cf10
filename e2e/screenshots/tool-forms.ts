import type { Conversation, MadeLine } from "@agentpane/testkit";

const ESC = "\u001b[";
const EDIT = {
  file_path: "/home/dev/shop/src/cart/total.ts",
  old_string: "export function total(cart: Cart): Money {\n  const tax = subtotal * rate;\n  return subtotal + tax;\n}",
  new_string:
    "export function total(cart: Cart): Money {\n  // Shipping is not taxed.\n  const tax = roundToCents(subtotal * rate);\n  return subtotal + tax + shipping(subtotal);\n}",
};
const TESTS = `${ESC}32m ✓${ESC}0m src/cart/total.test.ts (14 tests) 84ms\n${ESC}31m ✗${ESC}0m src/cart/coupon.test.ts (9 tests, 1 failed) 31ms\n\n   ${ESC}31mexpected 41.90 to be 41.89${ESC}0m`;
const QUESTION = {
  questions: [
    {
      question: "Where should the price history live?",
      header: "Store",
      multiSelect: false,
      options: [
        { label: "PostgreSQL", description: "Beside the orders; joins stay simple" },
        { label: "ClickHouse", description: "Faster over years of prices, one more thing to run" },
      ],
    },
  ],
};
const TODOS = [
  { content: "Find where coupons are applied", status: "completed", activeForm: "Finding where coupons are applied" },
  { content: "Round the tax before it is added", status: "completed", activeForm: "Rounding the tax" },
  { content: "Add the second coupon to the tests", status: "in_progress", activeForm: "Adding the second coupon" },
  { content: "Write it down in the changelog", status: "pending", activeForm: "Writing it down" },
];

/** One of every form that a tool call takes in a transcript, in the order of a day's work. */
export function toolForms(to: Conversation): MadeLine[] {
  return [
    to.prompt("two coupons on one cart give a wrong total; find out why, mend it, and write down what you did"),
    to.thinking("The second coupon is applied to the price before the first one. First see where that happens."),
    to.text(
      "I look for the place where coupons are applied, and for what the provider's documentation says of rounding.",
    ),
    to.call("TodoWrite", { todos: TODOS }),
    to.result("Todos have been modified"),
    to.call("Grep", { pattern: "applyCoupon", path: "/home/dev/shop/src", output_mode: "files_with_matches" }),
    to.result("src/cart/total.ts\nsrc/cart/coupon.ts\nsrc/cart/total.test.ts"),
    to.call("Read", { file_path: "/home/dev/shop/src/cart/total.ts" }),
    to.result("     1\texport function total(cart: Cart): Money {\n     2\t  const tax = subtotal * rate;"),
    to.call("WebFetch", { url: "https://docs.example.com/rounding", prompt: "When is the tax rounded?" }),
    to.result("The tax is rounded per line, half to even, before lines are added."),
    to.call("mcp__grafana__query", { query: "sum(rate(cart_total_mismatch[5m])) by (country)", range: "6h" }),
    to.result('[{"country":"DE","value":0.4},{"country":"FR","value":0.1}]'),
    to.call("AskUserQuestion", QUESTION),
    to.result('User has answered your questions: "Where should the price history live?"="PostgreSQL"'),
    to.call("Edit", EDIT),
    to.result("The file has been updated."),
    to.call("Write", {
      file_path: "/home/dev/shop/docs/rounding.md",
      content: "# Rounding\n\nThe tax is rounded per line, half to even.\n",
    }),
    to.result("File created successfully"),
    to.call("Bash", { command: "npm test -- --run cart", description: "Run the tests of the cart" }),
    to.result(TESTS, true),
    to.call("ExitPlanMode", {
      plan: "# Coupons, in order\n\n1. Apply coupons one after the other\n2. Round once per line\n3. Compare with the provider for a week",
    }),
    to.result("User has approved your plan."),
  ];
}
