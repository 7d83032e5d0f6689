/** Given and family names for invented people. Some carry letters outside ASCII, as real directories do. */
export const givenNames: readonly string[] = words(`
Ada Aisha Alina Amara Amir Anders Anouk Arjun Astrid Bashir Beatriz Bela Bo Bruno Camila Cem Chidi Clara Dalia Daniel Darya Diego Dina Ebba
Edgar Eero Elif Emeka Emil Esra Eva Farah Felix Fiona Freya Gael Gita Greta Hana Hassan Helena Henrik Hiro Ibrahim Ida Igor Ines Ingrid Isla
Ivan Jada Jan Jasmin Joao Jonas Juana Kai Karim Katya Kenji Kofi Lars Layla Leila Liam Lina Luca Lucia Luis Mads Malik Mara Marco Maya Mei
Mikael Milan Mona Nadia Naomi Nils Noor Nora Olga Omar Oskar Otto Pablo Petra Priya Rafael Rania Renata Rosa Ruben Samir Sanna Selin Sofia
Sunita Tariq Teresa Theo Tove Uma Valentin Vera Wanda Wei Xenia Yara Yusuf Zara Zeno Zoé Jürgen Søren Nuño Agnès Björn Łucja`);

export const familyNames: readonly string[] = words(`
Abara Adler Agosti Ahlberg Almeida Amadi Andrade Arslan Aydin Baker Barros Bauer Becerra Bello Berger Bianchi Bjork Blom Bora Brandt Brink
Cabral Castell Chandra Choi Cruz Dahlin Danso Demir Diaz Dietz Dlamini Dubois Duran Eide Ekman Engel Eriksen Fabre Faria Farkas Ferrer Fofana
Fontana Forster Garza Gashi Gerber Ghosh Giordano Glass Gomes Gruber Gupta Haas Hagen Haidar Hakim Halonen Harju Hendriks Herrera Hoang Horvat
Ibarra Imai Iversen Jansen Jensen Joshi Kaplan Kato Keita Keller Khalil Kim Klein Kone Kovac Kruger Kumar Lahti Larsen Lehmann Leone Lind Lopes
Maas Madaki Mahler Malik Mancini Marin Marques Mbeki Melo Mendes Meyer Mori Morel Mwangi Nagy Nakamura Navarro Nielsen Novak Nowak Oduya Okafor
Olsen Ortega Osman Ozturk Park Patel Perera Petrov Pinto Prieto Quist Rahman Ramos Reyes Ricci Rojas Romano Rossi Sato Schmid Seidel Serrano
Shah Silva Simic Soto Stein Sundal Tanaka Teixeira Thorne Toure Tran Urban Vargas Vega Vidal Vogel Wagner Weber Winter Yamada Yilmaz Zeller
Zhou Núñez Çelik Bălan Kjær`);

/** Department → titles. */
export const departments: Readonly<Record<string, readonly string[]>> = {
	Engineering: ["Software Engineer", "Senior Software Engineer", "Engineering Manager", "Site Reliability Engineer", "Test Engineer"],
	Sales: ["Account Executive", "Sales Engineer", "Sales Manager", "Business Developer"],
	Support: ["Support Specialist", "Support Engineer", "Support Manager"],
	Finance: ["Accountant", "Financial Analyst", "Controller", "Payroll Specialist"],
	People: ["People Partner", "Recruiter", "Learning Manager"],
	Marketing: ["Content Editor", "Campaign Manager", "Designer"],
	Operations: ["Operations Manager", "Logistics Planner", "Facility Manager"],
	Legal: ["Counsel", "Contract Manager"],
	IT: ["Systems Administrator", "Identity Engineer", "IT Manager", "Endpoint Engineer"],
	Security: ["Security Engineer", "Security Analyst", "Risk Manager"],
};

/** The name as it can stand in a login: lower case, ASCII letters. */
export function loginPart(name: string): string {
	const folded = name.replaceAll("ø", "o").replaceAll("æ", "ae").replaceAll("Ł", "L").replaceAll("ł", "l");
	return folded
		.normalize("NFD")
		.replace(/[^a-zA-Z]/g, "")
		.toLowerCase();
}

function words(text: string): string[] {
	return text.trim().split(/\s+/);
}
