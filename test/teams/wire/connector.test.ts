import { Clients } from "../../../bot/teams/wire/bot-framework/clients.ts";
import { createConnector } from "../../../bot/teams/wire/bot-framework/connector.ts";
import { connectorContract } from "../../contracts/connector-contract.ts";

connectorContract("of the Bot Framework", ({ token, clock, bot }) => {
  const clients = new Clients(token, clock);
  return createConnector({ openClient: (url) => clients.create(url), token, clock, bot });
});
