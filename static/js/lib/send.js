// JSON to one of our own addresses, and the JSON that comes back. Rejects when there is no answer, or a refusal.
export async function post(address, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const response = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${response.status} from ${address}`);
  return response.json();
}
