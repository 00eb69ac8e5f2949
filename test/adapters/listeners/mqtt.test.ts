import { mqttContract } from "../../contracts/mqtt-contract.ts";
import { startAedes } from "../../fakes/broker.ts";

mqttContract("aedes", startAedes);
