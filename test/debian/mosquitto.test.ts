import { mqttContract } from "../contracts/mqtt-contract.ts";
import { mqttStories } from "../contracts/mqtt-stories.ts";
import { findMosquitto, startMosquitto } from "./mosquitto.ts";

const program = findMosquitto();

mqttContract("mosquitto", () => startMosquitto(program));
mqttStories("mosquitto", () => startMosquitto(program));
