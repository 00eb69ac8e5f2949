import { Clients } from "../../../bot/teams/wire/bot-framework/clients.ts";
import { createConnector } from "../../../bot/teams/wire/bot-framework/connector.ts";
import { connectorContract } from "../../contracts/connector-contract.ts";

connectorContract("of the Bot Framework", ({ token, clock, bot }) => {
  return createConnector({ clients: new Clients(token, clock), token, clock, bot });
});
